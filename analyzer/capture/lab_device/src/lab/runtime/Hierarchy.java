package lab.runtime;

import android.app.ActivityThread;
import android.graphics.drawable.ColorDrawable;
import android.view.View;
import android.view.ViewGroup;
import android.view.WindowManager;
import android.webkit.WebView;
import android.widget.CompoundButton;
import android.widget.EditText;
import android.widget.ScrollView;
import android.widget.TextView;
import com.android.internal.policy.PhoneWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the top window as uiautomator does, and its colours for whoever draws the picture. */
final class Hierarchy {
    private static final String LAUNCHER = "com.android.launcher3";

    private Hierarchy() {}

    static Map<String, Object> describe() {
        PhoneWindow window = Screen.top();
        StringBuilder xml = new StringBuilder("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">");
        if (window == null) {
            launcher(xml);
        } else {
            node(xml, window, Layout.of(window), window.getDecorView(), 0);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("xml", xml.append("</hierarchy>").toString());
        result.put("package", window == null ? LAUNCHER : window.packageName);
        result.put("activity", window == null ? LAUNCHER + ".Launcher" : ActivityThread.topActivity());
        result.put("secure", isSecure(window));
        return result;
    }

    static Map<String, Object> style() {
        PhoneWindow window = Screen.top();
        List<Object> nodes = new ArrayList<>();
        if (window != null) {
            styleOf(nodes, Layout.of(window), window.getDecorView());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("nodes", nodes);
        result.put("dim", window != null && window.floating);
        result.put("secure", isSecure(window));
        return result;
    }

    private static boolean isSecure(PhoneWindow window) {
        return window != null && (window.getAttributes().flags & WindowManager.LayoutParams.FLAG_SECURE) != 0;
    }

    private static void node(StringBuilder xml, PhoneWindow window, Map<View, int[]> bounds, View view, int index) {
        int[] box = bounds.get(view);
        if (box == null) {
            return;
        }
        xml.append("<node");
        attribute(xml, "index", index);
        attribute(xml, "text", text(view));
        attribute(xml, "resource-id", Screen.resourceId(view));
        attribute(xml, "class", view.getAccessibilityClassName());
        attribute(xml, "package", window.packageName);
        attribute(xml, "content-desc", view.getContentDescription() == null ? "" : view.getContentDescription());
        states(xml, view);
        attribute(xml, "bounds", "[" + box[0] + "," + box[1] + "][" + box[2] + "," + box[3] + "]");
        if (!(view instanceof ViewGroup) || ((ViewGroup) view).getChildCount() == 0) {
            xml.append(" />");
            return;
        }
        xml.append('>');
        ViewGroup group = (ViewGroup) view;
        for (int i = 0; i < group.getChildCount(); i++) {
            node(xml, window, bounds, group.getChildAt(i), i);
        }
        xml.append("</node>");
    }

    private static void states(StringBuilder xml, View view) {
        boolean checkable = view instanceof CompoundButton;
        attribute(xml, "checkable", checkable);
        attribute(xml, "checked", checkable && ((CompoundButton) view).isChecked());
        attribute(xml, "clickable", view.isClickable());
        attribute(xml, "enabled", view.isEnabled());
        attribute(xml, "focusable", view.isClickable() || view instanceof EditText);
        attribute(xml, "focused", false);
        attribute(xml, "scrollable", view instanceof ScrollView || view instanceof WebView);
        attribute(xml, "long-clickable", view instanceof EditText);
        attribute(xml, "password", false);
        attribute(xml, "selected", false);
    }

    private static void launcher(StringBuilder xml) {
        xml.append("<node index=\"0\" text=\"\" resource-id=\"\" class=\"android.widget.FrameLayout\" package=\"" + LAUNCHER
            + "\" content-desc=\"\" checkable=\"false\" checked=\"false\" clickable=\"false\" enabled=\"true\" focusable=\"false\" focused=\"false\""
            + " scrollable=\"false\" long-clickable=\"false\" password=\"false\" selected=\"false\" bounds=\"[0,0][1080,2400]\" />");
    }

    static String text(View view) {
        return view instanceof TextView ? ((TextView) view).getText().toString() : "";
    }

    private static void attribute(StringBuilder xml, String name, Object value) {
        xml.append(' ').append(name).append("=\"");
        String text = String.valueOf(value);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            escape(xml, c);
        }
        xml.append('"');
    }

    private static void escape(StringBuilder xml, int c) {
        switch (c) {
            case '&': xml.append("&amp;"); break;
            case '<': xml.append("&lt;"); break;
            case '>': xml.append("&gt;"); break;
            case '"': xml.append("&quot;"); break;
            case '\n': xml.append("&#10;"); break;
            case '\r': xml.append("&#13;"); break;
            case '\t': xml.append("&#9;"); break;
            default:
                // what XML 1.0 forbids becomes a dot, as uiautomator writes it
                boolean legal = c >= 0x20 && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
                xml.appendCodePoint(legal ? c : '.');
        }
    }

    private static void styleOf(List<Object> nodes, Map<View, int[]> bounds, View view) {
        int[] box = bounds.get(view);
        if (box == null) {
            return;
        }
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("bounds", List.of(box[0], box[1], box[2], box[3]));
        node.put("class", view.getAccessibilityClassName().toString());
        node.put("text", text(view));
        if (view.getBackground() instanceof ColorDrawable) {
            node.put("background", colour(((ColorDrawable) view.getBackground()).getColor()));
        }
        if (view instanceof TextView) {
            node.put("text_colour", colour(((TextView) view).getCurrentTextColor()));
            node.put("text_size", (double) ((TextView) view).getTextSize());
        }
        nodes.add(node);
        if (view instanceof ViewGroup) {
            ViewGroup group = (ViewGroup) view;
            for (int i = 0; i < group.getChildCount(); i++) {
                styleOf(nodes, bounds, group.getChildAt(i));
            }
        }
    }

    private static String colour(int argb) {
        return String.format("#%06x", argb & 0xFFFFFF);
    }
}
