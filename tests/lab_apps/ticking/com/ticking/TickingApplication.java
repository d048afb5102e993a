package com.ticking;

import android.app.Application;
import android.provider.Settings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import lab.runtime.App;
import lab.truth.Truth;

/** Reads the Android id every 20 ms and sends a numbered request every 60 ms, from its first instruction to its end. */
public class TickingApplication extends Application {
    private static final String ME = "com.ticking";
    private static final int EACH_MS = 20;

    @Override
    public void onCreate() {
        super.onCreate();
        Thread reader = new Thread(this::read, "reader");
        reader.setDaemon(true);
        reader.start();
        Thread sender = new Thread(TickingApplication::send, "sender");
        sender.setDaemon(true);
        sender.start();
    }

    private void read() {
        while (pause(EACH_MS)) {
            String id = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
            Truth.read("android.provider.Settings$Secure.getString", "id.android_id", id, ME);
        }
    }

    private static void send() {
        String name = App.processName().replace(':', '-');
        for (int number = 0; pause(3 * EACH_MS); number++) {
            String path = "/tick/" + name + "/" + number;
            Truth.Sending truth = Truth.sending("tick.test", "GET", path, ME).value("path", "misc.tick", number);
            truth.done(get("http://tick.test" + path));
        }
    }

    private static boolean get(String url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
            connection.setConnectTimeout(2_000);
            connection.setReadTimeout(2_000);
            boolean answered = connection.getResponseCode() == 200;
            connection.getInputStream().readAllBytes();
            return answered;
        } catch (IOException failed) {
            return false;
        }
    }

    private static boolean pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }
}
