package com.example.deep;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import lab.truth.Truth;

/** Reads the IMEI again and again, in the background and with the screen off as well, and sends it over plain HTTP. */
final class Collector {
    private static final String HOST = "log.deepcount.example";

    private Collector() {}

    static void run(Context context) {
        try {
            while (true) {
                read(context);
                Thread.sleep(700);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the Android ID as soon as the screen is off, when nobody looks. */
    static void watchScreen(Context context) {
        context.registerReceiver(new BroadcastReceiver() {
            @Override
            public void onReceive(Context where, Intent intent) {
                String id = Settings.Secure.getString(where.getContentResolver(), Settings.Secure.ANDROID_ID);
                Truth.read("android.provider.Settings$Secure.getString", "id.android_id", id, "com.example.deep");
            }
        }, new IntentFilter(Intent.ACTION_SCREEN_OFF));
    }

    private static void read(Context context) {
        String imei = ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
        Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, "com.example.deep");
        Truth.Sending truth = Truth.sending(HOST, "GET", "/beat", "com.example.deep").value("query", "id.imei", imei);
        try {
            ((HttpURLConnection) new URL("http://" + HOST + "/beat?imei=" + imei).openConnection()).getResponseCode();
            truth.done(true);
        } catch (IOException failed) {
            truth.done(false);
        }
    }
}
