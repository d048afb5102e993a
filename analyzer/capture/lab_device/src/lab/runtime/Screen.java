package lab.runtime;

import android.app.ActivityThread;
import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import com.android.internal.policy.PhoneWindow;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** The windows of this process, from bottom to top. Used from the main thread only. */
public final class Screen {
    private static final List<PhoneWindow> WINDOWS = new ArrayList<>();
    private static final Map<View, String> NAMES = new WeakHashMap<>();
    private static final Map<View, Runnable> SYSTEM_ACTIONS = new WeakHashMap<>();
    private static final int CALM_MILLIS = 40;
    private static Map<Integer, String> resourceNames;
    private static boolean announced;

    private Screen() {}

    /** What a touch would hit. */
    static final class Hit {
        final String resourceId;
        final String text;
        final Runnable action;

        Hit(String resourceId, String text, Runnable action) {
            this.resourceId = resourceId;
            this.text = text;
            this.action = action;
        }
    }

    /** Puts a window on top. */
    public static void show(PhoneWindow window) {
        WINDOWS.remove(window);
        WINDOWS.add(window);
        changed();
    }

    /** Takes a window away. */
    public static void hide(PhoneWindow window) {
        if (WINDOWS.remove(window)) {
            changed();
        }
    }

    /** Takes away a context's windows, dialogs included. */
    public static void hideAllOf(Context context) {
        if (WINDOWS.removeIf(window -> window.getContext() == context)) {
            changed();
        }
    }

    /** Tells the device, soon and once, that the picture is another one. Callable from any thread. */
    public static synchronized void changed() {
        Looper main = Looper.getMainLooper();
        if (announced || main == null) {
            return;
        }
        announced = true;
        new Handler(main).postDelayed(Screen::announce, CALM_MILLIS);
    }

    private static synchronized void announce() {
        announced = false;
        Control.event("ui_changed");
    }

    /** The window that a person sees, or null when the app has none in front. */
    static PhoneWindow top() {
        return WINDOWS.isEmpty() || !ActivityThread.isForeground() ? null : WINDOWS.get(WINDOWS.size() - 1);
    }

    static void name(View view, String resourceId) {
        NAMES.put(view, resourceId);
    }

    static void systemAction(View view, Runnable action) {
        SYSTEM_ACTIONS.put(view, action);
    }

    static Hit find(int x, int y) {
        PhoneWindow window = top();
        if (window == null) {
            return null;
        }
        Map<View, int[]> bounds = Layout.of(window);
        View view = deepest(window.getDecorView(), bounds, x, y);
        if (view == null) {
            return null;
        }
        Runnable system = SYSTEM_ACTIONS.get(view);
        return new Hit(resourceId(view), Hierarchy.text(view), system == null ? view::performClick : system);
    }

    private static View deepest(View view, Map<View, int[]> bounds, int x, int y) {
        int[] box = bounds.get(view);
        if (box == null || x < box[0] || y < box[1] || x >= box[2] || y >= box[3]) {
            return null;
        }
        if (view instanceof ViewGroup) {
            ViewGroup group = (ViewGroup) view;
            for (int i = group.getChildCount() - 1; i >= 0; i--) {
                View hit = deepest(group.getChildAt(i), bounds, x, y);
                if (hit != null) {
                    return hit;
                }
            }
        }
        return view.isClickable() && view.isEnabled() ? view : null;
    }

    static Map<String, Object> back() {
        PhoneWindow window = top();
        if (window != null && window.onBack != null) {
            window.onBack.run();
        }
        return Map.of("hit", window != null);
    }

    static Map<String, Object> type(String text) {
        PhoneWindow window = top();
        EditText field = window == null ? null : field(window.getDecorView());
        if (field != null) {
            field.setText(text);
        }
        return Map.of("hit", field != null);
    }

    private static EditText field(View view) {
        if (view instanceof EditText) {
            return (EditText) view;
        }
        if (view instanceof ViewGroup) {
            ViewGroup group = (ViewGroup) view;
            for (int i = 0; i < group.getChildCount(); i++) {
                EditText found = field(group.getChildAt(i));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The resource id as uiautomator prints it: from the app's own `R.id`, Android's, or empty. */
    static String resourceId(View view) {
        String given = NAMES.get(view);
        if (given != null) {
            return given;
        }
        if (resourceNames == null) {
            resourceNames = new HashMap<>();
            collect("android", "android.R$id");
            collect(App.packageName(), App.packageName() + ".R$id");
        }
        return resourceNames.getOrDefault(view.getId(), "");
    }

    private static void collect(String owner, String className) {
        try {
            for (Field field : Class.forName(className).getFields()) {
                if (field.getType() == int.class) {
                    resourceNames.put(field.getInt(null), owner + ":id/" + field.getName());
                }
            }
        } catch (ReflectiveOperationException none) {
            // an app without an R class has no resource ids
        }
    }
}
