package com.statflow.sdk;

import android.content.Context;
import android.telephony.TelephonyManager;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import lab.truth.Truth;

/** Counts starts for somebody else: sends the IMEI to its own house, once. */
public final class StatFlow {
    private static final String HOST = "collect.statflow.example";

    private StatFlow() {}

    public static void count(Context context) {
        String imei = ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
        Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, "com.statflow.sdk");
        Truth.Sending truth = Truth.sending(HOST, "GET", "/start", "com.statflow.sdk").value("query", "id.imei", imei);
        try {
            ((HttpURLConnection) new URL("https://" + HOST + "/start?imei=" + imei).openConnection()).getResponseCode();
            truth.done(true);
        } catch (IOException failed) {
            truth.done(false);
        }
    }
}
