package lab.runtime;

import android.app.ActivityThread;
import android.os.Handler;
import android.os.Looper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the device may ask of this process. */
final class Commands {
    private static final int PATIENCE_SECONDS = 3;

    private Commands() {}

    /** The members of an answer and what is done once it is on its way. */
    static final class Answer {
        final Map<String, Object> members;
        final Runnable after;

        Answer(Map<String, Object> members, Runnable after) {
            this.members = members;
            this.after = after;
        }
    }

    static Answer obey(Map<String, Object> command) throws Exception {
        switch (String.valueOf(command.get("do"))) {
            case "hierarchy": return done(onMain(Hierarchy::describe));
            case "style": return done(onMain(Hierarchy::style));
            case "tap": return tap(number(command, "x"), number(command, "y"));
            case "input": return done(onMain(() -> Screen.type(String.valueOf(command.get("text")))));
            case "back": return done(onMain(Screen::back));
            case "home": return lifecycle(() -> ActivityThread.setForeground(false));
            case "foreground": return lifecycle(() -> ActivityThread.setForeground(true));
            case "sleep": return lifecycle(() -> ActivityThread.setScreenOn(false));
            case "wake": return lifecycle(() -> ActivityThread.setScreenOn(true));
            case "grant": return permission(command, true);
            case "revoke": return permission(command, false);
            case "info": return done(onMain(Commands::info));
            case "stop": return new Answer(Map.of(), Commands::stop);
            default: throw new IllegalArgumentException("unknown command " + command.get("do"));
        }
    }

    private static Answer tap(int x, int y) throws Exception {
        Screen.Hit hit = onMain(() -> Screen.find(x, y));
        if (hit == null) {
            return done(Map.of("hit", false));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("hit", true);
        members.put("resource_id", hit.resourceId);
        members.put("text", hit.text);
        return new Answer(members, () -> new Handler(Looper.getMainLooper()).post(hit.action));
    }

    private static Answer permission(Map<String, Object> command, boolean granted) throws Exception {
        String name = String.valueOf(command.get("permission"));
        return done(onMain(() -> {
            Permissions.set(name, granted);
            if (granted) {
                PermissionDialog.settle();
            }
            return Map.of();
        }));
    }

    private static Answer lifecycle(Runnable change) throws Exception {
        return done(onMain(() -> {
            change.run();
            return Map.of();
        }));
    }

    private static Map<String, Object> info() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("process", App.processName());
        members.put("pid", ProcessHandle.current().pid());
        members.put("activity", ActivityThread.topActivity());
        members.put("foreground", ActivityThread.isForeground());
        members.put("permissions", Permissions.granted());
        return members;
    }

    private static void stop() {
        Control.event("exited", "code", 0, "reason", "stopped");
        Main.die(0);
    }

    private static Answer done(Map<String, Object> members) {
        return new Answer(members, null);
    }

    private static int number(Map<String, Object> command, String name) {
        Object value = command.get(name);
        if (value instanceof Number) {
            return ((Number) value).intValue();
        }
        throw new IllegalArgumentException("tap needs the number " + name);
    }

    private static <T> T onMain(Callable<T> question) throws Exception {
        FutureTask<T> task = new FutureTask<>(question);
        new Handler(Looper.getMainLooper()).post(task);
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException busy) {
            task.cancel(false);
            throw new IllegalStateException("the app's main thread is busy and does not answer");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(String.valueOf(failed.getCause()));
        }
    }
}
