package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.os.Looper;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;

public class ContextWrapper extends Context {
    private Context wrapped;

    public ContextWrapper(Context base) {
        wrapped = base;
    }

    protected void attachBaseContext(Context base) {
        wrapped = base;
    }

    public Context getBaseContext() {
        return wrapped;
    }

    @Override
    public Context getApplicationContext() {
        return wrapped.getApplicationContext();
    }

    @Override
    public String getPackageName() {
        return wrapped.getPackageName();
    }

    @Override
    public PackageManager getPackageManager() {
        return wrapped.getPackageManager();
    }

    @Override
    public ContentResolver getContentResolver() {
        return wrapped.getContentResolver();
    }

    @Override
    public Looper getMainLooper() {
        return wrapped.getMainLooper();
    }

    @Override
    public ApplicationInfo getApplicationInfo() {
        return wrapped.getApplicationInfo();
    }

    @Override
    public ClassLoader getClassLoader() {
        return wrapped.getClassLoader();
    }

    @Override
    public Object getSystemService(String name) {
        return wrapped.getSystemService(name);
    }

    @Override
    public String getSystemServiceName(Class<?> serviceClass) {
        return wrapped.getSystemServiceName(serviceClass);
    }

    @Override
    public SharedPreferences getSharedPreferences(String name, int mode) {
        return wrapped.getSharedPreferences(name, mode);
    }

    @Override
    public File getDataDir() {
        return wrapped.getDataDir();
    }

    @Override
    public File getFilesDir() {
        return wrapped.getFilesDir();
    }

    @Override
    public File getCacheDir() {
        return wrapped.getCacheDir();
    }

    @Override
    public FileOutputStream openFileOutput(String name, int mode) throws FileNotFoundException {
        return wrapped.openFileOutput(name, mode);
    }

    @Override
    public FileInputStream openFileInput(String name) throws FileNotFoundException {
        return wrapped.openFileInput(name);
    }

    @Override
    public void startActivity(Intent intent) {
        wrapped.startActivity(intent);
    }

    @Override
    public ComponentName startService(Intent service) {
        return wrapped.startService(service);
    }

    @Override
    public boolean stopService(Intent name) {
        return wrapped.stopService(name);
    }

    @Override
    public void sendBroadcast(Intent intent) {
        wrapped.sendBroadcast(intent);
    }

    @Override
    public boolean bindService(Intent service, ServiceConnection conn, int flags) {
        return wrapped.bindService(service, conn, flags);
    }

    @Override
    public ComponentName startForegroundService(Intent service) {
        return wrapped.startForegroundService(service);
    }

    @Override
    public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter) {
        return wrapped.registerReceiver(receiver, filter);
    }

    @Override
    public void unregisterReceiver(BroadcastReceiver receiver) {
        wrapped.unregisterReceiver(receiver);
    }

    @Override
    public int checkSelfPermission(String permission) {
        return wrapped.checkSelfPermission(permission);
    }

    @Override
    public int checkPermission(String permission, int pid, int uid) {
        return wrapped.checkPermission(permission, pid, uid);
    }

    @Override
    public int checkCallingOrSelfPermission(String permission) {
        return wrapped.checkCallingOrSelfPermission(permission);
    }
}
