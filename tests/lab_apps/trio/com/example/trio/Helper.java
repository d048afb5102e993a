package com.example.trio;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** A process that nobody needs, and a second one. */
public class Helper extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    /** Runs in a process of its own. */
    public static class Other extends Helper {}
}
