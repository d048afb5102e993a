package android.widget;

import android.content.Context;
import android.view.View;

public class TextView extends View {
    private static final float PIXELS_PER_SP = 3f;

    private CharSequence text = "";
    private CharSequence hint;
    private int textColor = 0xFF212121;
    private float textSize = 14 * PIXELS_PER_SP;

    public TextView(Context context) {
        super(context);
    }

    @Override
    public CharSequence getAccessibilityClassName() {
        return "android.widget.TextView";
    }

    public final void setText(CharSequence text) {
        this.text = text == null ? "" : text;
        invalidate();
    }

    public CharSequence getText() {
        return text;
    }

    public final void setHint(CharSequence hint) {
        this.hint = hint;
    }

    public CharSequence getHint() {
        return hint;
    }

    public void setTextColor(int color) {
        textColor = color;
        invalidate();
    }

    public final int getCurrentTextColor() {
        return textColor;
    }

    public void setTextSize(float size) {
        textSize = size * PIXELS_PER_SP;
    }

    public float getTextSize() {
        return textSize;
    }

    public void setGravity(int gravity) {}
}
