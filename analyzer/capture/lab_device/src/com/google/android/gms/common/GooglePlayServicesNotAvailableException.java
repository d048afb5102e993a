package com.google.android.gms.common;

public final class GooglePlayServicesNotAvailableException extends Exception {
    private static final long serialVersionUID = 1L;
    public final int errorCode;

    public GooglePlayServicesNotAvailableException(int errorCode) {
        this.errorCode = errorCode;
    }
}
