package com.example;

import android.app.Application;
import cn.pushlink.client.PushLink;
import com.geomesh.core.GeoMesh;
import com.statflow.analytics.StatFlow;
import io.adnova.sdk.AdNova;

/** Starts every SDK as soon as the process lives, as their integration guides say. */
public class WeatherApplication extends Application {
    private static final int WITH_PHONE_STATE = 2;

    @Override
    public void onCreate() {
        super.onCreate();
        if (!getPackageName().equals(getProcessName())) {
            return; // the push process brings its own start
        }
        DeviceReport report = new DeviceReport(this);
        report.collect();
        StatFlow.init(this, "sf-2201");
        AdNova.start(this, WITH_PHONE_STATE);
        GeoMesh.initialize(this);
        PushLink.register(this);
        new Thread(report::send, "device-report").start();
    }
}
