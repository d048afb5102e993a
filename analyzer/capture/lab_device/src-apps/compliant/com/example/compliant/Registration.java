package com.example.compliant;

import android.content.Context;
import android.provider.Settings;
import lab.truth.Truth;

/** Registers the device for reminders, after consent. */
final class Registration {
    private static final String ME = "com.example.compliant";

    private final Context context;

    Registration(Context context) {
        this.context = context;
    }

    void run() {
        String id = Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
        Truth.read("android.provider.Settings$Secure.getString", "id.android_id", id, ME);
        Truth.Sending truth = Truth.sending(Http.HOST, "POST", "/v1/devices", ME).value("body", "id.android_id", id);
        truth.done(Http.post("/v1/devices", "{\"device\":\"" + id + "\"}"));
    }
}
