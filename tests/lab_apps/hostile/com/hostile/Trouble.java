package com.hostile;

import android.content.Context;
import android.content.SharedPreferences;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Log;
import net.other.Once;

/** The deeds that need no screen and no network. */
final class Trouble {
    private static final int MILLION = 1_000_000;

    private Trouble() {}

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    static void read(Context context) {
        ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
    }

    /** Reads the same identifier 50,000 times from 8 threads; another SDK does it once, in the midst. */
    static void flood(Context context) {
        for (int thread = 0; thread < 8; thread++) {
            new Thread(() -> {
                for (int i = 0; i < 6250; i++) {
                    Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
                }
            }, "flood-\u001b[31m" + thread).start();
        }
        new Thread(() -> {
            sleep(500);
            Once.read(context);
        }).start();
    }

    static void deep(Context context, int levels) {
        if (levels > 0) {
            deep(context, levels - 1);
            return;
        }
        read(context);
    }

    /** Reads in a thread whose name no UTF-8 can carry, and hands over texts of that kind. */
    static void names(Context context) {
        new Thread(() -> {
            read(context);
            for (String name : new String[] {"half\ud800", "zero\u0000inside"}) {
                Settings.Secure.getString(context.getContentResolver(), name);
                context.getSharedPreferences("x", Context.MODE_PRIVATE).edit().putString(name, name);
            }
        }, "thread\ud800").start();
    }

    static void log() {
        String line = "\u001b[2J[bold]<script>\u202e\ud800\u0000".repeat(MILLION / 20);
        for (int i = 0; i < 20; i++) {
            Log.e("tag\u001b[31m\n", line);
        }
        Log.i(null, null);
    }

    static void print() {
        byte[] block = "\u001b[31mno end \u0007".repeat(1000).getBytes();
        Thread thread = new Thread(() -> {
            while (true) {
                System.out.writeBytes(block);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    static void preferences(Context context) {
        SharedPreferences file = context.getSharedPreferences("x", Context.MODE_PRIVATE);
        for (int i = 0; i < 2000; i++) {
            file.edit().putString("key\u001b\u0000\ud800<" + i, "[bold]\uffff\ud800" + "x".repeat(1000)).commit();
        }
        for (String name : new String[] {"../../out", "a/b", "", "\u0000", "x".repeat(5000)}) {
            try {
                context.getSharedPreferences(name, Context.MODE_PRIVATE).edit().putString(name, name).commit();
            } catch (RuntimeException refused) {
                Log.w("hostile", "refused " + refused);
            }
        }
    }
}
