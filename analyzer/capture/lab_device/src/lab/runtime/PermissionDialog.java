package lab.runtime;

import android.app.Activity;
import android.content.pm.PackageManager;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import com.android.internal.policy.PhoneWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The system's question for a dangerous permission; it belongs to the system, so no click of it is the app's. */
public final class PermissionDialog {
    private static final String OWNER = "com.android.permissioncontroller";
    private static final Map<String, String> QUESTIONS = Map.ofEntries(
        Map.entry("READ_PHONE_STATE", "拨打电话和管理通话"), Map.entry("ACCESS_FINE_LOCATION", "获取此设备的位置信息"),
        Map.entry("ACCESS_COARSE_LOCATION", "获取此设备的位置信息"), Map.entry("READ_CONTACTS", "访问您的通讯录"),
        Map.entry("GET_ACCOUNTS", "访问您的通讯录"), Map.entry("READ_CALENDAR", "访问您的日历"),
        Map.entry("READ_CALL_LOG", "访问您的通话记录"), Map.entry("READ_SMS", "发送和查看短信"),
        Map.entry("CAMERA", "拍摄照片和录制视频"), Map.entry("RECORD_AUDIO", "录制音频"),
        Map.entry("BODY_SENSORS", "访问与您的生命体征相关的传感器数据"),
        Map.entry("READ_EXTERNAL_STORAGE", "访问您设备上的照片、媒体内容和文件"));
    private static final Deque<Request> WAITING = new ArrayDeque<>();
    private static Request current;
    private static PhoneWindow window;

    private PermissionDialog() {}

    private static final class Request {
        final Activity activity;
        final String[] names;
        final int code;
        final Deque<String> open = new ArrayDeque<>();

        Request(Activity activity, String[] names, int code) {
            this.activity = activity;
            this.names = names;
            this.code = code;
        }
    }

    /** Asks for permissions one after the other and answers through `onRequestPermissionsResult`. */
    public static void ask(Activity activity, String[] names, int code) {
        Request request = new Request(activity, names.clone(), code);
        for (String name : names) {
            if (Permissions.needsDialog(name)) {
                request.open.add(name);
            }
        }
        WAITING.add(request);
        activity.getWindow().getDecorView().post(PermissionDialog::next);
    }

    /** Goes on when permissions were granted without the dialog. */
    static void settle() {
        if (current != null && !Permissions.needsDialog(current.open.peek())) {
            close();
        }
    }

    private static void next() {
        if (window != null) {
            return;
        }
        if (current == null) {
            current = WAITING.poll();
        }
        if (current == null) {
            return;
        }
        while (!current.open.isEmpty() && !Permissions.needsDialog(current.open.peek())) {
            current.open.poll();
        }
        if (current.open.isEmpty()) {
            finish();
        } else {
            show(current.open.peek());
        }
    }

    private static void finish() {
        Request request = current;
        current = null;
        int[] results = new int[request.names.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = Permissions.holds(request.names[i]) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
        }
        request.activity.onRequestPermissionsResult(request.code, request.names, results);
        next();
    }

    private static void show(String permission) {
        String shortName = permission.substring(permission.lastIndexOf('.') + 1);
        window = new PhoneWindow(current.activity, OWNER, true);
        LinearLayout content = new LinearLayout(current.activity);
        content.setOrientation(LinearLayout.VERTICAL);
        TextView message = new TextView(current.activity);
        message.setText("要允许“" + App.fact("label", App.packageName()) + "”" + QUESTIONS.getOrDefault(shortName, "使用 " + shortName) + "吗？");
        Screen.name(message, OWNER + ":id/permission_message");
        content.addView(message);
        boolean location = shortName.contains("LOCATION");
        content.addView(button(location ? "仅在使用中允许" : "允许", location ? "permission_allow_foreground_only_button" : "permission_allow_button", () -> answer(permission, true)));
        content.addView(button("拒绝", "permission_deny_button", () -> answer(permission, false)));
        window.setContentView(content);
        window.onBack = () -> answer(permission, false);
        Screen.show(window);
        Control.event("permission_asked", "permission", permission);
    }

    private static View button(String label, String id, Runnable action) {
        Button button = new Button(current.activity);
        button.setText(label);
        button.setClickable(true);
        Screen.name(button, OWNER + ":id/" + id);
        Screen.systemAction(button, action);
        return button;
    }

    private static void answer(String permission, boolean granted) {
        Permissions.set(permission, granted);
        if (granted && permission.endsWith("ACCESS_FINE_LOCATION") && App.permissions().contains("android.permission.ACCESS_COARSE_LOCATION")) {
            Permissions.set("android.permission.ACCESS_COARSE_LOCATION", true);
        }
        Control.event(granted ? "permission_granted" : "permission_denied", "permission", permission);
        close();
    }

    private static void close() {
        PhoneWindow closing = window;
        window = null;
        if (closing != null) {
            Screen.hide(closing);
        }
        if (current != null) {
            current.open.poll();
        }
        next();
    }

    /** The permissions of a request that are not yet answered. */
    static List<String> open() {
        return current == null ? new ArrayList<>() : new ArrayList<>(current.open);
    }
}
