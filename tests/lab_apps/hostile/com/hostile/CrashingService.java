package com.hostile;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** A second process that dies at once. */
public class CrashingService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    @Override
    public void onCreate() {
        super.onCreate();
        throw new IllegalStateException("the second process dies \u001b[5m");
    }
}
