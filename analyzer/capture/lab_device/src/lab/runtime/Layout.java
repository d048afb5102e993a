package lab.runtime;

import android.view.View;
import android.view.ViewGroup;
import android.webkit.WebView;
import android.widget.Button;
import android.widget.FrameLayout;
import android.widget.ImageView;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;
import com.android.internal.policy.PhoneWindow;
import java.util.IdentityHashMap;
import java.util.Map;

/** Places the views of a window on a screen of 1080 x 2400 pixels, simply and always the same way. */
final class Layout {
    static final int WIDTH = 1080;
    static final int HEIGHT = 2400;
    private static final int STATUS_BAR = 96;
    private static final int NAVIGATION_BAR = 132;
    private static final int DIALOG_MARGIN = 80;
    private static final int SCROLL_HEIGHT = 1200;
    private static final int PADDING = 24;
    private static final int BUTTON_HEIGHT = 126;
    private static final double LINE = 1.35;
    private static final double LATIN = 0.56;

    private final Map<View, int[]> bounds = new IdentityHashMap<>();

    private Layout() {}

    /** The visible views of a window and their boxes: left, top, right, bottom. */
    static Map<View, int[]> of(PhoneWindow window) {
        Layout layout = new Layout();
        View root = window.getDecorView();
        if (window.floating) {
            int height = Math.min(layout.height(root, WIDTH - 2 * DIALOG_MARGIN), HEIGHT - 2 * STATUS_BAR);
            int top = (HEIGHT - height) / 2;
            layout.place(root, new int[] {DIALOG_MARGIN, top, WIDTH - DIALOG_MARGIN, top + height});
        } else {
            layout.place(root, new int[] {0, STATUS_BAR, WIDTH, HEIGHT - NAVIGATION_BAR});
        }
        return layout.bounds;
    }

    private void place(View view, int[] box) {
        if (view.getVisibility() != View.VISIBLE || box[2] <= box[0] || box[3] <= box[1]) {
            return;
        }
        bounds.put(view, box);
        if (view instanceof ViewGroup) {
            placeChildren((ViewGroup) view, box);
        }
    }

    private void placeChildren(ViewGroup group, int[] box) {
        boolean row = isRow(group);
        int shown = visible(group);
        int width = row && shown > 0 ? (box[2] - box[0]) / shown : box[2] - box[0];
        int x = box[0];
        int y = box[1];
        for (int i = 0; i < group.getChildCount(); i++) {
            View child = group.getChildAt(i);
            if (child.getVisibility() != View.VISIBLE) {
                continue;
            }
            boolean fills = group instanceof FrameLayout && !(group instanceof ScrollView);
            int height = fills ? box[3] - box[1] : height(child, width);
            place(child, new int[] {x, y, x + width, Math.min(y + height, box[3])});
            if (row) {
                x += width;
            } else if (!fills) {
                y += height;
            }
        }
    }

    private int height(View view, int width) {
        if (view.getVisibility() != View.VISIBLE) {
            return 0;
        }
        if (view instanceof TextView) {
            int text = (int) (lines((TextView) view, width) * ((TextView) view).getTextSize() * LINE) + 2 * PADDING;
            return view instanceof Button ? Math.max(BUTTON_HEIGHT, text) : text;
        }
        if (view instanceof WebView) {
            return SCROLL_HEIGHT;
        }
        if (view instanceof ImageView || !(view instanceof ViewGroup)) {
            return BUTTON_HEIGHT * 2;
        }
        int inner = groupHeight((ViewGroup) view, width);
        return view instanceof ScrollView ? Math.min(inner, SCROLL_HEIGHT) : inner;
    }

    private int groupHeight(ViewGroup group, int width) {
        boolean row = isRow(group);
        int shown = Math.max(1, visible(group));
        int total = 0;
        for (int i = 0; i < group.getChildCount(); i++) {
            int child = height(group.getChildAt(i), row ? width / shown : width);
            total = row ? Math.max(total, child) : total + child;
        }
        return total;
    }

    private static int lines(TextView view, int width) {
        double room = Math.max(1, width - 2 * PADDING);
        int lines = 0;
        for (String paragraph : view.getText().toString().split("\n", -1)) {
            double length = 0;
            for (int i = 0; i < paragraph.length(); i++) {
                length += view.getTextSize() * (paragraph.charAt(i) < 0x2E80 ? LATIN : 1.0);
            }
            lines += Math.max(1, (int) Math.ceil(length / room));
        }
        return lines;
    }

    private static boolean isRow(ViewGroup group) {
        return group instanceof LinearLayout && ((LinearLayout) group).getOrientation() == LinearLayout.HORIZONTAL;
    }

    private static int visible(ViewGroup group) {
        int count = 0;
        for (int i = 0; i < group.getChildCount(); i++) {
            count += group.getChildAt(i).getVisibility() == View.VISIBLE ? 1 : 0;
        }
        return count;
    }
}
