package android.app;

import android.content.Context;
import android.content.ContextWrapper;

public class Application extends ContextWrapper {
    public Application() {
        super(null);
    }

    public void onCreate() {}

    public void onTerminate() {}

    public void onLowMemory() {}

    public void onTrimMemory(int level) {}

    public static String getProcessName() {
        return ActivityThread.currentProcessName();
    }

    final void attach(Context context) {
        attachBaseContext(context);
        ((ContextImpl) context).setApplication(this);
    }
}
