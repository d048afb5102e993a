package com.example.stubborn;

import android.app.Application;
import com.statflow.analytics.StatFlow;

/** Counts the launch before anything is asked. */
public class TorchApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        StatFlow.init(this, "sf-7788");
    }
}
