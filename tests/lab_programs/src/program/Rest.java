package program;

import android.app.Activity;
import android.app.Dialog;
import android.app.Service;
import android.content.BroadcastReceiver;
import android.content.ClipboardManager;
import android.content.ContentResolver;
import android.content.Intent;
import android.database.Cursor;
import android.hardware.Sensor;
import android.hardware.SensorManager;
import android.hardware.SystemSensorManager;
import android.net.Uri;
import android.os.IBinder;
import android.view.MotionEvent;
import dalvik.system.PathClassLoader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import okhttp3.RealCall;
import okhttp3.Request;

/** What needs more than its arguments made up: a cursor on a row, a screen that is touched, a broadcast with a sender. */
final class Rest {
    private Rest() {}

    static void all() throws Exception {
        new ClipboardManager(null).addPrimaryClipChangedListener(null);
        SensorManager sensors = new SystemSensorManager(null);
        sensors.registerListener(null, sensors.getSensorList(Sensor.TYPE_ALL).get(0), SensorManager.SENSOR_DELAY_UI);
        new PathClassLoader("none.jar", null).addDexPath("more.jar");
        RealCall call = new RealCall(new Request("GET", "https://three.example/f"));
        call.execute();
        call.enqueue(null);
        rows();
        touches();
        received();
        created();
    }

    private static void rows() {
        ContentResolver resolver = new ContentResolver(null) {};
        resolver.registerContentObserver(Uri.parse("content://com.android.contacts"), true, null);
        try (Cursor contacts = resolver.query(Uri.parse("content://com.android.contacts/contacts"), null, null, null, null)) {
            if (contacts == null || !contacts.moveToFirst()) return;
            for (int column = 0; column < contacts.getColumnCount(); column++) {
                try {
                    System.out.println(contacts.getInt(column) + contacts.getLong(column) + contacts.getDouble(column));
                    System.out.println(contacts.getBlob(column) != null);
                } catch (RuntimeException other) {
                    System.out.println("column " + column + " is no number");
                }
            }
        } catch (SecurityException denied) {
            System.out.println("no contacts");
        }
    }

    /** A tap, and a finger that scrolls. */
    private static void touches() {
        Screen screen = new Screen();
        for (float to : new float[] {541, 900}) {
            screen.dispatchTouchEvent(MotionEvent.obtain(0, 0, MotionEvent.ACTION_DOWN, 540, 560, 0));
            screen.dispatchTouchEvent(MotionEvent.obtain(0, 5, MotionEvent.ACTION_MOVE, to, 560, 0));
            screen.dispatchTouchEvent(MotionEvent.obtain(0, 9, MotionEvent.ACTION_UP, to, 560, 0));
        }
        Dialog dialog = new Dialog(screen);
        dialog.dispatchTouchEvent(MotionEvent.obtain(0, 0, MotionEvent.ACTION_DOWN, 40, 60, 0));
        dialog.dispatchTouchEvent(MotionEvent.obtain(0, 9, MotionEvent.ACTION_UP, 41, 60, 0));
        set(Activity.class, screen, "mReferrer", "com.other.app");
        screen.begin();
    }

    private static void received() throws Exception {
        Class<?> thread = Class.forName("android.app.ActivityThread");
        Object data = made(Class.forName("android.app.ActivityThread$ReceiverData"));
        set(data.getClass(), data, "intent", new Intent("android.intent.action.BOOT_COMPLETED"));
        set(BroadcastReceiver.PendingResult.class, data, "mSentFromPackage", "com.other.app");
        Method handle = thread.getDeclaredMethod("handleReceiver", data.getClass());
        handle.setAccessible(true);
        handle.invoke(made(thread), data);
    }

    private static void created() throws Exception {
        for (Method method : Service.class.getDeclaredMethods()) {
            if (!method.getName().equals("attach")) continue;
            method.setAccessible(true);
            method.invoke(new Service() {
                @Override
                public IBinder onBind(Intent intent) {
                    return null;
                }
            }, null, null, "com.example.doors.Work");
        }
    }

    private static final class Screen extends Activity {
        void begin() {
            onCreate(null);
        }
    }

    private static Object made(Class<?> type) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static void set(Class<?> owner, Object object, String name, Object value) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            field.set(object, value);
        } catch (ReflectiveOperationException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
