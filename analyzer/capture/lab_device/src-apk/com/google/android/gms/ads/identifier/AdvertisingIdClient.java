package com.google.android.gms.ads.identifier;

import android.content.Context;
import java.io.IOException;

/** Stands for Google's library, which is not free: it gives no identifier. */
public class AdvertisingIdClient {
    AdvertisingIdClient() {}

    public static final class Info {
        Info() {}

        public String getId() {
            return null;
        }
    }

    public static Info getAdvertisingIdInfo(Context context) throws IOException {
        throw new IOException("the lab's APK is built without Google Play services");
    }
}
