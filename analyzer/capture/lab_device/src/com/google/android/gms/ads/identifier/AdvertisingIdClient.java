package com.google.android.gms.ads.identifier;

import android.content.Context;
import com.google.android.gms.common.GooglePlayServicesNotAvailableException;
import com.google.android.gms.common.GooglePlayServicesRepairableException;
import java.io.IOException;
import lab.runtime.Persona;

public class AdvertisingIdClient {
    AdvertisingIdClient() {}

    public static final class Info {
        private final String id;
        private final boolean limited;

        public Info(String advertisingId, boolean limitAdTrackingEnabled) {
            id = advertisingId;
            limited = limitAdTrackingEnabled;
        }

        public String getId() {
            return id;
        }

        public boolean isLimitAdTrackingEnabled() {
            return limited;
        }

        @Override
        public String toString() {
            return "{" + id + "}" + limited;
        }
    }

    public static Info getAdvertisingIdInfo(Context context)
            throws IOException, IllegalStateException, GooglePlayServicesNotAvailableException, GooglePlayServicesRepairableException {
        if (Thread.currentThread() == context.getMainLooper().getThread()) {
            throw new IllegalStateException("Calling this from your main thread can lead to deadlock");
        }
        String id = Persona.text("id.gaid");
        if (id == null) {
            throw new GooglePlayServicesNotAvailableException(9);
        }
        return new Info(id, false);
    }
}
