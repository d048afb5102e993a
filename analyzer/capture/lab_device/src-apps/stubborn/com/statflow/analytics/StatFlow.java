package com.statflow.analytics;

import android.content.Context;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Log;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import lab.truth.Truth;

/** An analytics SDK, in its small edition. */
public final class StatFlow {
    private static final String ME = "com.statflow.analytics";
    private static final String HOST = "collect.statflow.example";
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Context context;
    private final String key;

    private StatFlow(Context context, String key) {
        this.context = context;
        this.key = key;
    }

    /** Reports the launch. */
    public static void init(Context context, String key) {
        event(context, key, "launch");
    }

    /** Reports an event; the thread ends when the report has left or failed. */
    public static Thread event(Context context, String key, String event) {
        StatFlow flow = new StatFlow(context, key);
        Thread thread = new Thread(() -> flow.report(event), "statflow");
        thread.start();
        return thread;
    }

    private void report(String event) {
        String androidId = Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
        Truth.read("android.provider.Settings$Secure.getString", "id.android_id", androidId, ME);
        String imei = imei();
        String body = "{\"k\":\"" + key + "\",\"e\":\"" + event + "\",\"aid\":\"" + androidId + "\",\"imei\":\"" + imei + "\"}";
        Truth.Sending truth = Truth.sending(HOST, "POST", "/e", ME).value("body", "id.android_id", androidId);
        if (imei != null) {
            truth.value("body", "id.imei", imei);
        }
        truth.done(post(body));
    }

    private String imei() {
        try {
            String imei = ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
            Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, ME);
            return imei;
        } catch (SecurityException refused) {
            Truth.denied("android.telephony.TelephonyManager.getDeviceId", "id.imei", ME);
            return null;
        }
    }

    private static boolean post(String body) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("https://" + HOST + "/e").openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException failed) {
            Log.w("StatFlow", "e: " + failed);
            return false;
        }
    }
}
