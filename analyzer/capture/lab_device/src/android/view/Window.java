package android.view;

import android.content.Context;

public abstract class Window {
    private final Context context;
    private final WindowManager.LayoutParams attributes = new WindowManager.LayoutParams();

    public Window(Context context) {
        this.context = context;
    }

    public final Context getContext() {
        return context;
    }

    public abstract void setContentView(View view);

    public abstract void setContentView(View view, ViewGroup.LayoutParams params);

    public abstract View getDecorView();

    public abstract void setTitle(CharSequence title);

    public void addFlags(int flags) {
        setFlags(flags, flags);
    }

    public void clearFlags(int flags) {
        setFlags(0, flags);
    }

    public void setFlags(int flags, int mask) {
        attributes.flags = (attributes.flags & ~mask) | (flags & mask);
    }

    public final WindowManager.LayoutParams getAttributes() {
        return attributes;
    }
}
