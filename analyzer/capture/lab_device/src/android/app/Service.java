package android.app;

import android.content.Context;
import android.content.ContextWrapper;
import android.content.Intent;
import android.os.IBinder;

public abstract class Service extends ContextWrapper {
    public static final int START_STICKY = 1;
    public static final int START_NOT_STICKY = 2;

    private Application application;
    private String name;

    public Service() {
        super(null);
    }

    final void attach(Context context, Application owner, String className) {
        attachBaseContext(context);
        application = owner;
        name = className;
    }

    public final Application getApplication() {
        return application;
    }

    public void onCreate() {}

    public int onStartCommand(Intent intent, int flags, int startId) {
        return START_STICKY;
    }

    public void onDestroy() {}

    public abstract IBinder onBind(Intent intent);

    public final void stopSelf() {
        ActivityThread.stopService(name);
    }
}
