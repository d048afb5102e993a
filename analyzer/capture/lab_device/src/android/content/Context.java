package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.os.Looper;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;

public abstract class Context {
    public static final int MODE_PRIVATE = 0;
    public static final int MODE_APPEND = 32768;
    public static final String TELEPHONY_SERVICE = "phone";
    public static final String TELEPHONY_SUBSCRIPTION_SERVICE = "telephony_subscription_service";
    public static final String WIFI_SERVICE = "wifi";
    public static final String LOCATION_SERVICE = "location";
    public static final String CLIPBOARD_SERVICE = "clipboard";
    public static final String CONNECTIVITY_SERVICE = "connectivity";
    public static final String ACTIVITY_SERVICE = "activity";
    public static final String ACCOUNT_SERVICE = "account";
    public static final String SENSOR_SERVICE = "sensor";

    public Context() {}

    public abstract Context getApplicationContext();

    public abstract String getPackageName();

    public abstract PackageManager getPackageManager();

    public abstract ContentResolver getContentResolver();

    public abstract Looper getMainLooper();

    public abstract ApplicationInfo getApplicationInfo();

    public abstract ClassLoader getClassLoader();

    public abstract Object getSystemService(String name);

    public abstract String getSystemServiceName(Class<?> serviceClass);

    public final <T> T getSystemService(Class<T> serviceClass) {
        String name = getSystemServiceName(serviceClass);
        return name == null ? null : serviceClass.cast(getSystemService(name));
    }

    public abstract SharedPreferences getSharedPreferences(String name, int mode);

    public abstract File getDataDir();

    public abstract File getFilesDir();

    public abstract File getCacheDir();

    public abstract FileOutputStream openFileOutput(String name, int mode) throws FileNotFoundException;

    public abstract FileInputStream openFileInput(String name) throws FileNotFoundException;

    public abstract void startActivity(Intent intent);

    public abstract ComponentName startService(Intent service);

    public abstract boolean stopService(Intent service);

    public abstract void sendBroadcast(Intent intent);

    public boolean bindService(Intent service, ServiceConnection conn, int flags) {
        return false;
    }

    public ComponentName startForegroundService(Intent service) {
        return startService(service);
    }

    public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter) {
        return null;
    }

    public abstract void unregisterReceiver(BroadcastReceiver receiver);

    public abstract int checkSelfPermission(String permission);

    public abstract int checkPermission(String permission, int pid, int uid);

    public abstract int checkCallingOrSelfPermission(String permission);
}
