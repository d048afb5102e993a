package com.android.internal.policy;

import android.content.Context;
import android.view.View;
import android.view.ViewGroup;
import android.view.Window;
import android.widget.FrameLayout;

/** The one kind of window that Android's own window class has. */
public class PhoneWindow extends Window {
    /** The package that owns the window. */
    public final String packageName;
    /** Whether the window floats over another one, as dialogs do. */
    public final boolean floating;
    /** What the back key does, or null. */
    public Runnable onBack;
    private final FrameLayout decor;

    public PhoneWindow(Context context, String packageName, boolean floating) {
        super(context);
        this.packageName = packageName;
        this.floating = floating;
        this.decor = floating ? new FloatingDecor(context) : new FrameLayout(context);
    }

    @Override
    public void setContentView(View view) {
        decor.removeAllViews();
        decor.addView(view);
    }

    @Override
    public void setContentView(View view, ViewGroup.LayoutParams params) {
        setContentView(view);
    }

    @Override
    public final View getDecorView() {
        return decor;
    }

    @Override
    public void setTitle(CharSequence title) {
        decor.setContentDescription(null);
    }

    private static final class FloatingDecor extends FrameLayout {
        FloatingDecor(Context context) {
            super(context);
        }
    }
}
