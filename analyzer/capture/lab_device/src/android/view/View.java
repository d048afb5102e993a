package android.view;

import android.content.Context;
import android.graphics.drawable.ColorDrawable;
import android.graphics.drawable.Drawable;
import android.os.Handler;
import android.os.Looper;
import lab.runtime.Screen;

public class View {
    public static final int NO_ID = -1;
    public static final int VISIBLE = 0;
    public static final int INVISIBLE = 4;
    public static final int GONE = 8;

    private final Context context;
    private int id = NO_ID;
    private int visibility = VISIBLE;
    private boolean clickable;
    private boolean enabled = true;
    private CharSequence contentDescription;
    private Object tag;
    private Drawable background;
    private OnClickListener onClick;
    private ViewGroup.LayoutParams layoutParams;
    ViewParent parent;

    public interface OnClickListener {
        void onClick(View v);
    }

    public interface OnLongClickListener {
        boolean onLongClick(View v);
    }

    public View(Context context) {
        this.context = context;
    }

    public final Context getContext() {
        return context;
    }

    public void setId(int id) {
        this.id = id;
    }

    public int getId() {
        return id;
    }

    public CharSequence getAccessibilityClassName() {
        return "android.view.View";
    }

    public void setOnClickListener(OnClickListener l) {
        clickable = true;
        onClick = l;
    }

    public boolean hasOnClickListeners() {
        return onClick != null;
    }

    public boolean performClick() {
        if (onClick == null) {
            return false;
        }
        onClick.onClick(this);
        return true;
    }

    public boolean callOnClick() {
        if (onClick == null) {
            return false;
        }
        onClick.onClick(this);
        return true;
    }

    public void setClickable(boolean clickable) {
        this.clickable = clickable;
    }

    public boolean isClickable() {
        return clickable;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
        invalidate();
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setVisibility(int visibility) {
        this.visibility = visibility;
        invalidate();
    }

    public int getVisibility() {
        return visibility;
    }

    public void setContentDescription(CharSequence contentDescription) {
        this.contentDescription = contentDescription;
    }

    public CharSequence getContentDescription() {
        return contentDescription;
    }

    public void setTag(Object tag) {
        this.tag = tag;
    }

    public Object getTag() {
        return tag;
    }

    public void setBackgroundColor(int color) {
        setBackground(new ColorDrawable(color));
    }

    public void setBackground(Drawable background) {
        this.background = background;
        invalidate();
    }

    public Drawable getBackground() {
        return background;
    }

    public void setPadding(int left, int top, int right, int bottom) {}

    public void setLayoutParams(ViewGroup.LayoutParams params) {
        layoutParams = params;
    }

    public ViewGroup.LayoutParams getLayoutParams() {
        return layoutParams;
    }

    public final ViewParent getParent() {
        return parent;
    }

    @SuppressWarnings("unchecked")
    public final <T extends View> T findViewById(int id) {
        return (T) find(id);
    }

    View find(int wanted) {
        return wanted != NO_ID && wanted == id ? this : null;
    }

    public void invalidate() {
        Screen.changed();
    }

    public void requestLayout() {
        Screen.changed();
    }

    public boolean post(Runnable action) {
        return new Handler(Looper.getMainLooper()).post(action);
    }

    public boolean postDelayed(Runnable action, long delayMillis) {
        return new Handler(Looper.getMainLooper()).postDelayed(action, delayMillis);
    }
}
