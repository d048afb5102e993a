package io.adnova.sdk;

import android.content.Context;
import io.adnova.sdk.a.a.b;

/** An advertising SDK; everything behind this door is obfuscated. */
public final class AdNova {
    private AdNova() {}

    /** Starts the SDK. */
    public static void start(Context context, int level) {
        b worker = new b(context, level);
        worker.a();
        new Thread(worker::b, "an-1").start();
    }
}
