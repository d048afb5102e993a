package android.app;

import android.content.Context;
import android.content.DialogInterface;
import android.view.MotionEvent;
import android.view.View;
import android.view.Window;
import com.android.internal.policy.PhoneWindow;
import lab.runtime.App;
import lab.runtime.Screen;

public class Dialog implements DialogInterface {
    private final Context context;
    private final PhoneWindow window;
    private boolean showing;
    private boolean created;
    private boolean cancelable = true;
    private OnDismissListener onDismiss;
    private OnCancelListener onCancel;

    public Dialog(Context context) {
        this.context = context;
        window = new PhoneWindow(context, App.packageName(), true);
        window.onBack = () -> {
            if (cancelable) {
                cancel();
            }
        };
    }

    public final Context getContext() {
        return context;
    }

    protected void onCreate(android.os.Bundle savedInstanceState) {}

    protected void onStart() {}

    protected void onStop() {}

    public boolean dispatchTouchEvent(MotionEvent ev) {
        return ev != null && window.getDecorView() != null;
    }

    public void show() {
        if (!created) {
            created = true;
            onCreate(null);
        }
        onStart();
        showing = true;
        Screen.show(window);
    }

    @Override
    public void dismiss() {
        if (showing) {
            showing = false;
            Screen.hide(window);
            onStop();
            if (onDismiss != null) {
                onDismiss.onDismiss(this);
            }
        }
    }

    @Override
    public void cancel() {
        if (showing && onCancel != null) {
            onCancel.onCancel(this);
        }
        dismiss();
    }

    public void hide() {
        Screen.hide(window);
    }

    public boolean isShowing() {
        return showing;
    }

    public void setContentView(View view) {
        window.setContentView(view);
    }

    @SuppressWarnings("unchecked")
    public <T extends View> T findViewById(int id) {
        return (T) window.getDecorView().findViewById(id);
    }

    public Window getWindow() {
        return window;
    }

    public void setTitle(CharSequence title) {
        window.setTitle(title);
    }

    public void setCancelable(boolean flag) {
        cancelable = flag;
    }

    public void setCanceledOnTouchOutside(boolean cancel) {}

    public void setOnDismissListener(OnDismissListener listener) {
        onDismiss = listener;
    }

    public void setOnCancelListener(OnCancelListener listener) {
        onCancel = listener;
    }
}
