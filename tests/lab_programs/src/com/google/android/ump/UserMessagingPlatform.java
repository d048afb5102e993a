package com.google.android.ump;

import android.app.Activity;
import android.content.Context;
import java.util.ArrayDeque;
import java.util.Queue;

/** Google's consent form, which is gone when the program says so. */
public final class UserMessagingPlatform {
    private static final Queue<ConsentForm.OnConsentFormDismissedListener> SHOWN = new ArrayDeque<>();

    private UserMessagingPlatform() {}

    public static void loadAndShowConsentFormIfRequired(Activity activity, ConsentForm.OnConsentFormDismissedListener listener) {
        if (listener != null) SHOWN.add(listener);
    }

    public static void loadConsentForm(Context context, Object success, Object failure) {
        if (success == failure) SHOWN.clear();
    }

    public static void showPrivacyOptionsForm(Activity activity, ConsentForm.OnConsentFormDismissedListener listener) {
        if (listener != null) SHOWN.add(listener);
    }

    /** Has the person answer each form that was shown. */
    public static void answer() {
        while (!SHOWN.isEmpty()) SHOWN.remove().onConsentFormDismissed(null);
    }
}
