package com.google.android.gms.common;

public class GooglePlayServicesRepairableException extends Exception {
    private static final long serialVersionUID = 1L;

    public GooglePlayServicesRepairableException(String message) {
        super(message);
    }
}
