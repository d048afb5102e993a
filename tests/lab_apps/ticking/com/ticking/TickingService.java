package com.ticking;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** Lives in the second process, whose application ticks like the first. */
public class TickingService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
