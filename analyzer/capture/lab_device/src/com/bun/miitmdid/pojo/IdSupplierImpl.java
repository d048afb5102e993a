package com.bun.miitmdid.pojo;

import com.bun.miitmdid.interfaces.IdSupplier;

public class IdSupplierImpl implements IdSupplier {
    private final String oaid;

    public IdSupplierImpl(String oaid) {
        this.oaid = oaid;
    }

    @Override
    public boolean isSupported() {
        return oaid != null;
    }

    @Override
    public boolean isLimited() {
        return false;
    }

    @Override
    public String getOAID() {
        return oaid;
    }

    @Override
    public String getVAID() {
        return "";
    }

    @Override
    public String getAAID() {
        return "";
    }
}
