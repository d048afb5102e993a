package android.widget;

import android.content.Context;
import lab.runtime.Logcat;

public class Toast {
    public static final int LENGTH_SHORT = 0;
    public static final int LENGTH_LONG = 1;

    private CharSequence text = "";

    public Toast(Context context) {}

    public static Toast makeText(Context context, CharSequence text, int duration) {
        Toast toast = new Toast(context);
        toast.text = text;
        return toast;
    }

    public void show() {
        Logcat.line('I', "Toast", text.toString());
    }
}
