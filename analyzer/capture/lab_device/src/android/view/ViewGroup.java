package android.view;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;

public abstract class ViewGroup extends View implements ViewParent, ViewManager {
    private final List<View> children = new ArrayList<>();

    public static class LayoutParams {
        public static final int MATCH_PARENT = -1;
        public static final int WRAP_CONTENT = -2;
        public int width;
        public int height;

        public LayoutParams(int width, int height) {
            this.width = width;
            this.height = height;
        }
    }

    public ViewGroup(Context context) {
        super(context);
    }

    public void addView(View child) {
        addView(child, children.size());
    }

    public void addView(View child, int index) {
        if (child.parent != null) {
            throw new IllegalStateException("The specified child already has a parent. You must call removeView() on the child's parent first.");
        }
        child.parent = this;
        children.add(index < 0 ? children.size() : index, child);
        requestLayout();
    }

    @Override
    public void addView(View child, LayoutParams params) {
        child.setLayoutParams(params);
        addView(child);
    }

    @Override
    public void removeView(View view) {
        if (children.remove(view)) {
            view.parent = null;
            requestLayout();
        }
    }

    public void removeAllViews() {
        for (View child : children) {
            child.parent = null;
        }
        children.clear();
        requestLayout();
    }

    public int getChildCount() {
        return children.size();
    }

    public View getChildAt(int index) {
        return index < 0 || index >= children.size() ? null : children.get(index);
    }

    @Override
    View find(int wanted) {
        View own = super.find(wanted);
        for (int i = 0; own == null && i < children.size(); i++) {
            own = children.get(i).find(wanted);
        }
        return own;
    }
}
