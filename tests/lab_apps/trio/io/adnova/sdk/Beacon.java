package io.adnova.sdk;

import android.content.Context;
import com.google.android.gms.ads.identifier.AdvertisingIdClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import lab.truth.Truth;

/** A vendor that sends the advertising id, whatever was chosen. */
public final class Beacon {
    private static final String HOST = "ads.adnova.test";

    private Beacon() {}

    public static void send(Context context) {
        String id = read(context);
        Truth.Sending truth = Truth.sending(HOST, "GET", "/hi", "io.adnova.sdk").value("query", "id.gaid", id);
        try {
            ((HttpURLConnection) new URL("https://" + HOST + "/hi?gaid=" + id).openConnection()).getResponseCode();
            truth.done(true);
        } catch (IOException failed) {
            truth.done(false);
        }
    }

    private static String read(Context context) {
        try {
            String id = AdvertisingIdClient.getAdvertisingIdInfo(context).getId();
            Truth.read("com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId", "id.gaid", id, "io.adnova.sdk");
            return id;
        } catch (Exception none) {
            Truth.denied("com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId", "id.gaid", "io.adnova.sdk");
            return "";
        }
    }
}
