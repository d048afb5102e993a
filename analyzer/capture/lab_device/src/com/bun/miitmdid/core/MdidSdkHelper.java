package com.bun.miitmdid.core;

import android.content.Context;
import com.bun.miitmdid.interfaces.IIdentifierListener;
import com.bun.miitmdid.pojo.IdSupplierImpl;
import lab.runtime.Persona;

public class MdidSdkHelper {
    public static final int INIT_INFO_RESULT_OK = 1008610;
    public static final int INIT_ERROR_DEVICE_NOSUPPORT = 1008612;

    public MdidSdkHelper() {}

    public static int InitSdk(Context context, boolean isLogEnabled, IIdentifierListener listener) {
        String id = Persona.text("id.oaid");
        listener.onSupport(new IdSupplierImpl(id));
        return id == null ? INIT_ERROR_DEVICE_NOSUPPORT : INIT_INFO_RESULT_OK;
    }
}
