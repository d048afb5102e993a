package com.bun.miitmdid.core;

import android.content.Context;
import com.bun.miitmdid.interfaces.IIdentifierListener;

/** Stands for the OAID library, whose makers do not let it be passed on: it gives no identifier. */
public class MdidSdkHelper {
    public static final int INIT_ERROR_DEVICE_NOSUPPORT = 1008612;

    public static int InitSdk(Context context, boolean isLogEnabled, IIdentifierListener listener) {
        return INIT_ERROR_DEVICE_NOSUPPORT;
    }
}
