package com.google.android.ump;

/** A form for consent. */
public interface ConsentForm {
    /** Told when the form is gone. */
    interface OnConsentFormDismissedListener {
        void onConsentFormDismissed(FormError formError);
    }
}
