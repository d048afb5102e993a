package net.other;

import android.content.Context;
import android.provider.Settings;

/** Another company's code: one single call amid the noise. */
public final class Once {
    private Once() {}

    public static void read(Context context) {
        Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }
}
