package android.app;

import android.accounts.AccountManager;
import android.content.BroadcastReceiver;
import android.content.ClipboardManager;
import android.content.ComponentName;
import android.content.ContentResolver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.SharedPreferences;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.hardware.SystemSensorManager;
import android.location.LocationManager;
import android.net.ConnectivityManager;
import android.net.wifi.WifiManager;
import android.os.Handler;
import android.os.Looper;
import android.telephony.SubscriptionManager;
import android.telephony.TelephonyManager;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lab.runtime.App;
import lab.runtime.Control;
import lab.runtime.Permissions;

/** The context behind every other context. */
public class ContextImpl extends Context {
    private final Map<String, Object> services = new HashMap<>();
    private final Map<String, SharedPreferencesImpl> preferences = new HashMap<>();
    private final ContentResolver resolver = new ApplicationContentResolver(this);
    private final PackageManager packages = new ApplicationPackageManager();
    private final List<Registered> receivers = new CopyOnWriteArrayList<>();
    private Application application;

    ContextImpl() {}

    private static final class ApplicationContentResolver extends ContentResolver {
        ApplicationContentResolver(Context context) {
            super(context);
        }
    }

    void setApplication(Application application) {
        this.application = application;
    }

    @Override
    public Context getApplicationContext() {
        return application;
    }

    @Override
    public String getPackageName() {
        return App.packageName();
    }

    @Override
    public PackageManager getPackageManager() {
        return packages;
    }

    @Override
    public ContentResolver getContentResolver() {
        return resolver;
    }

    @Override
    public Looper getMainLooper() {
        return Looper.getMainLooper();
    }

    @Override
    public ApplicationInfo getApplicationInfo() {
        return ApplicationPackageManager.application(App.packageName());
    }

    @Override
    public ClassLoader getClassLoader() {
        return ContextImpl.class.getClassLoader();
    }

    @Override
    public synchronized Object getSystemService(String name) {
        return services.computeIfAbsent(name, this::create);
    }

    @Override
    public String getSystemServiceName(Class<?> serviceClass) {
        for (String name : new String[] {TELEPHONY_SERVICE, TELEPHONY_SUBSCRIPTION_SERVICE, WIFI_SERVICE, LOCATION_SERVICE,
            CLIPBOARD_SERVICE, CONNECTIVITY_SERVICE, ACTIVITY_SERVICE, ACCOUNT_SERVICE, SENSOR_SERVICE}) {
            if (serviceClass.isInstance(getSystemService(name))) {
                return name;
            }
        }
        return null;
    }

    private Object create(String name) {
        switch (name) {
            case TELEPHONY_SERVICE: return new TelephonyManager(this);
            case TELEPHONY_SUBSCRIPTION_SERVICE: return new SubscriptionManager(this);
            case WIFI_SERVICE: return new WifiManager(this);
            case LOCATION_SERVICE: return new LocationManager(this);
            case CLIPBOARD_SERVICE: return new ClipboardManager(this);
            case CONNECTIVITY_SERVICE: return new ConnectivityManager(this);
            case ACTIVITY_SERVICE: return new ActivityManager();
            case ACCOUNT_SERVICE: return AccountManager.get(this);
            case SENSOR_SERVICE: return new SystemSensorManager(this);
            default: return null;
        }
    }

    @Override
    public synchronized SharedPreferences getSharedPreferences(String name, int mode) {
        return preferences.computeIfAbsent(name, key -> new SharedPreferencesImpl(new File(folder("shared_prefs"), key + ".xml")));
    }

    @Override
    public File getDataDir() {
        return App.dataFolder();
    }

    @Override
    public File getFilesDir() {
        return folder("files");
    }

    @Override
    public File getCacheDir() {
        return folder("cache");
    }

    private static File folder(String name) {
        File folder = new File(App.dataFolder(), name);
        folder.mkdirs();
        return folder;
    }

    @Override
    public FileOutputStream openFileOutput(String name, int mode) throws FileNotFoundException {
        return new FileOutputStream(new File(getFilesDir(), name), (mode & MODE_APPEND) != 0);
    }

    @Override
    public FileInputStream openFileInput(String name) throws FileNotFoundException {
        return new FileInputStream(new File(getFilesDir(), name));
    }

    @Override
    public void startActivity(Intent intent) {
        new Handler(Looper.getMainLooper()).post(() -> ActivityThread.start(intent));
    }

    @Override
    public ComponentName startService(Intent service) {
        ComponentName component = service.getComponent();
        if (component == null) {
            throw new IllegalArgumentException("Service Intent must be explicit: " + service);
        }
        String suffix = App.processOf(component.getClassName());
        String home = suffix == null ? App.packageName() : App.packageName() + ":" + suffix;
        if (home.equals(App.processName())) {
            new Handler(Looper.getMainLooper()).post(() -> ActivityThread.startService(component.getClassName(), service));
        } else {
            Control.event("start_process", "name", home, "component", component.getClassName());
        }
        return component;
    }

    @Override
    public boolean stopService(Intent service) {
        return service.getComponent() != null && ActivityThread.stopService(service.getComponent().getClassName());
    }

    @Override
    public void sendBroadcast(Intent intent) {}

    @Override
    public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter) {
        if (receiver != null) {
            receivers.add(new Registered(receiver, filter, new LoadedApk.ReceiverDispatcher()));
        }
        return null; // no sticky broadcast is known here
    }

    @Override
    public void unregisterReceiver(BroadcastReceiver receiver) {
        if (!receivers.removeIf(each -> each.receiver == receiver)) {
            throw new IllegalArgumentException("Receiver not registered: " + receiver);
        }
    }

    /** What the system broadcasts: it reaches those that the app has registered, in their order. */
    void receive(Intent intent) {
        for (Registered each : receivers) {
            if (each.filter.hasAction(intent.getAction())) {
                each.dispatcher.performReceive(intent, 0, null, null, false, false, 0);
                each.receiver.onReceive(application, intent);
            }
        }
    }

    private static final class Registered {
        final BroadcastReceiver receiver;
        final IntentFilter filter;
        final LoadedApk.ReceiverDispatcher dispatcher;

        Registered(BroadcastReceiver receiver, IntentFilter filter, LoadedApk.ReceiverDispatcher dispatcher) {
            this.receiver = receiver;
            this.filter = filter;
            this.dispatcher = dispatcher;
        }
    }

    @Override
    public int checkSelfPermission(String permission) {
        return Permissions.holds(permission) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }

    @Override
    public int checkPermission(String permission, int pid, int uid) {
        return checkSelfPermission(permission);
    }

    @Override
    public int checkCallingOrSelfPermission(String permission) {
        return checkSelfPermission(permission);
    }
}
