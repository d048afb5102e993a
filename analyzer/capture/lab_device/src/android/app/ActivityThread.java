package android.app;

import android.content.BroadcastReceiver;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.runtime.App;
import lab.runtime.Control;
import lab.runtime.Screen;

/** Drives the app's components through their lives, on the main thread. */
public final class ActivityThread {
    private static final long LAST_WORDS_MILLIS = 1500;
    private static final int TRIM_MEMORY_UI_HIDDEN = 20;
    private static final List<Activity> ACTIVITIES = new ArrayList<>();
    private static final Map<String, Service> SERVICES = new LinkedHashMap<>();
    private static ContextImpl context;
    private static Application application;
    private static boolean foreground = true;
    private static boolean screenOn = true;

    private ActivityThread() {}

    public static Application currentApplication() {
        return application;
    }

    public static String currentPackageName() {
        return App.packageName();
    }

    public static String currentProcessName() {
        return App.processName();
    }

    /** Creates the application object and calls its `onCreate`. */
    public static void bindApplication(String className) {
        context = new ContextImpl();
        application = create(className, Application.class);
        application.attach(context);
        application.onCreate();
    }

    /** Creates an activity and brings it to the front. */
    public static void launch(String className) {
        start(new Intent().setClassName(App.packageName(), className));
    }

    /** A broadcast for a receiver of the manifest; this device sends none by itself. */
    private void handleReceiver(ReceiverData data) {
        if (data.intent != null) {
            Control.event("received", "action", String.valueOf(data.intent.getAction()));
        }
    }

    static final class ReceiverData extends BroadcastReceiver.PendingResult {
        Intent intent;
    }

    /** What the system calls; this device calls nothing of it. */
    static final class ApplicationThread {
        private int state = -1;

        public void setProcessState(int state) {
            this.state = state;
        }
    }

    static ContextImpl baseContext() {
        return context;
    }

    static void start(Intent intent) {
        if (intent.getComponent() == null) {
            return; // another app's screen: this device has none
        }
        Activity below = top();
        if (below != null) {
            below.performPause();
            Control.event("paused", "activity", below.getClass().getName());
        }
        Activity activity = create(intent.getComponent().getClassName(), Activity.class);
        activity.attach(context, application, intent);
        ACTIVITIES.add(activity);
        Screen.show(activity.window()); // before onCreate: what it shows lies above
        activity.onCreate(null);
        if (activity.isFinishing()) {
            finish(activity);
            return;
        }
        resume(activity);
    }

    /** Starts a service in this process. */
    public static void startService(String className, Intent intent) {
        Service service = SERVICES.get(className);
        if (service == null) {
            service = create(className, Service.class);
            service.attach(context, application, className);
            SERVICES.put(className, service);
            service.onCreate();
        }
        service.onStartCommand(intent == null ? new Intent().setClassName(App.packageName(), className) : intent, 0, 1);
    }

    static boolean stopService(String className) {
        Service service = SERVICES.remove(className);
        if (service == null) {
            return false;
        }
        service.onDestroy();
        return true;
    }

    static void finish(Activity activity) {
        boolean front = activity == top();
        if (!ACTIVITIES.remove(activity)) {
            return;
        }
        activity.performPause();
        activity.performDestroy();
        Screen.hideAllOf(activity);
        Control.event("paused", "activity", activity.getClass().getName());
        Activity below = top();
        if (below == null) {
            new Handler(Looper.getMainLooper()).postDelayed(ActivityThread::leave, LAST_WORDS_MILLIS);
        } else if (front && foreground) {
            resume(below);
        }
    }

    private static void leave() {
        if (ACTIVITIES.isEmpty()) {
            System.exit(0);
        }
    }

    /** Sends the app to the background or brings it back. */
    public static void setForeground(boolean front) {
        if (front == foreground) {
            return;
        }
        foreground = front;
        Screen.changed();
        if (!screenOn) {
            return;
        }
        if (!front && top() != null) {
            top().onUserLeaveHint();
        }
        turn(front);
    }

    /** Switches the screen, which stops or resumes what is in front, and tells the app's receivers. */
    public static void setScreenOn(boolean on) {
        if (on == screenOn) {
            return;
        }
        screenOn = on;
        Screen.changed();
        if (foreground) {
            turn(on);
        }
        Intent told = new Intent(on ? Intent.ACTION_SCREEN_ON : Intent.ACTION_SCREEN_OFF);
        new Handler(Looper.getMainLooper()).post(() -> context.receive(told));
    }

    private static void turn(boolean seen) {
        Activity activity = top();
        if (activity == null) {
            return;
        }
        if (seen) {
            activity.onRestart();
            resume(activity);
        } else {
            activity.performPause();
            activity.onStop();
            application.onTrimMemory(TRIM_MEMORY_UI_HIDDEN);
            Control.event("paused", "activity", activity.getClass().getName());
        }
    }

    public static boolean isForeground() {
        return foreground;
    }

    /** The class name of the activity in front, or an empty text. */
    public static String topActivity() {
        return top() == null ? "" : top().getClass().getName();
    }

    private static void resume(Activity activity) {
        if (!foreground || !screenOn) {
            return;
        }
        activity.onStart();
        activity.onResume();
        activity.onWindowFocusChanged(true);
        Control.event("resumed", "activity", activity.getClass().getName());
    }

    private static Activity top() {
        return ACTIVITIES.isEmpty() ? null : ACTIVITIES.get(ACTIVITIES.size() - 1);
    }

    private static <T> T create(String className, Class<T> kind) {
        try {
            return kind.cast(Class.forName(className).getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException | ClassCastException problem) {
            throw new RuntimeException("Unable to instantiate " + kind.getSimpleName() + " " + className + ": it needs that superclass and a public constructor without arguments", problem);
        }
    }
}
