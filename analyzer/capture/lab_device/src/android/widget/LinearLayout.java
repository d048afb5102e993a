package android.widget;

import android.content.Context;
import android.view.ViewGroup;

public class LinearLayout extends ViewGroup {
    public static final int HORIZONTAL = 0;
    public static final int VERTICAL = 1;

    private int orientation = HORIZONTAL;

    public static class LayoutParams extends ViewGroup.LayoutParams {
        public float weight;

        public LayoutParams(int width, int height) {
            super(width, height);
        }

        public LayoutParams(int width, int height, float weight) {
            super(width, height);
            this.weight = weight;
        }
    }

    public LinearLayout(Context context) {
        super(context);
    }

    @Override
    public CharSequence getAccessibilityClassName() {
        return "android.widget.LinearLayout";
    }

    public void setOrientation(int orientation) {
        this.orientation = orientation;
        requestLayout();
    }

    public int getOrientation() {
        return orientation;
    }
}
