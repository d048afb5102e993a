package com.example.compliant;

import android.content.Context;
import android.location.Location;
import android.location.LocationManager;
import lab.truth.Truth;

/** Asks the own server for the weather where the person is, after the permission was given. */
final class LocalWeather {
    private static final String ME = "com.example.compliant";

    private final Context context;

    LocalWeather(Context context) {
        this.context = context;
    }

    void run() {
        Location place = ((LocationManager) context.getSystemService(Context.LOCATION_SERVICE)).getLastKnownLocation(LocationManager.GPS_PROVIDER);
        if (place == null) {
            Truth.denied("android.location.LocationManager.getLastKnownLocation", "loc.precise", ME);
            return;
        }
        String value = place.getLatitude() + "," + place.getLongitude();
        Truth.read("android.location.LocationManager.getLastKnownLocation", "loc.precise", value, ME);
        Truth.Sending truth = Truth.sending(Http.HOST, "POST", "/v1/weather", ME).value("body", "loc.precise", value);
        truth.done(Http.post("/v1/weather", "{\"lat\":" + place.getLatitude() + ",\"lon\":" + place.getLongitude() + "}"));
    }
}
