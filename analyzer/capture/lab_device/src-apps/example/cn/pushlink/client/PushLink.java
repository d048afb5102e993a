package cn.pushlink.client;

import android.content.Context;
import android.content.Intent;

/** A push SDK: its work runs in a process of its own. */
public final class PushLink {
    private PushLink() {}

    /** Starts the push process. */
    public static void register(Context context) {
        context.startService(new Intent(context, PushService.class));
    }
}
