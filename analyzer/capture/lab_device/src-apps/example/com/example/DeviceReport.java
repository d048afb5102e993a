package com.example;

import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.pm.PackageInfo;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Log;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lab.truth.Truth;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** The app's own report about the device it runs on. */
final class DeviceReport {
    private static final String ME = "com.example";
    private static final String HOST = "api.weather.example";

    private final Context context;
    private final JSONArray packages = new JSONArray();
    private String imei;
    private String androidId;
    private String clipboard;

    DeviceReport(Context context) {
        this.context = context;
    }

    void collect() {
        TelephonyManager telephony = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        try {
            imei = telephony.getDeviceId();
            Truth.read("android.telephony.TelephonyManager.getDeviceId", "id.imei", imei, ME);
        } catch (SecurityException refused) {
            Truth.denied("android.telephony.TelephonyManager.getDeviceId", "id.imei", ME);
        }
        androidId = Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
        Truth.read("android.provider.Settings$Secure.getString", "id.android_id", androidId, ME);
        readPackages();
        readClipboard();
    }

    private void readPackages() {
        List<PackageInfo> installed = context.getPackageManager().getInstalledPackages(0);
        for (PackageInfo info : installed) {
            packages.put(info.packageName);
        }
        Truth.read("android.app.ApplicationPackageManager.getInstalledPackages", "dev.installed_apps", packages, ME);
    }

    private void readClipboard() {
        ClipboardManager manager = (ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData clip = manager.getPrimaryClip();
        if (clip != null && clip.getItemCount() > 0) {
            clipboard = clip.getItemAt(0).getText().toString();
            Truth.read("android.content.ClipboardManager.getPrimaryClip", "misc.clipboard", clipboard, ME);
        } else {
            Truth.denied("android.content.ClipboardManager.getPrimaryClip", "misc.clipboard", ME);
        }
    }

    /** Sends what was collected, as JSON. */
    void send() {
        try {
            JSONObject device = new JSONObject().put("imei", imei).put("android_id", androidId);
            JSONObject body = new JSONObject().put("event", "launch").put("device", device).put("apps", packages).put("clip", clipboard);
            Truth.Sending truth = Truth.sending(HOST, "POST", "/v1/launch", ME)
                .value("body", "id.imei", imei).value("body", "id.android_id", androidId)
                .value("body", "dev.installed_apps", packages).value("body", "misc.clipboard", clipboard);
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            truth.done(Http.post("https://" + HOST + "/v1/launch", "application/json; charset=utf-8", bytes));
        } catch (JSONException impossible) {
            Log.e("Weather", "report", impossible);
        }
    }
}
