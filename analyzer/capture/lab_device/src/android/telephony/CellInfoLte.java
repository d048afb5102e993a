package android.telephony;

public final class CellInfoLte extends CellInfo {
    private final CellIdentityLte identity;

    CellInfoLte(CellIdentityLte identity) {
        this.identity = identity;
    }

    public CellIdentityLte getCellIdentity() {
        return identity;
    }

    @Override
    public String toString() {
        return "CellInfoLte:{mRegistered=YES " + identity + "}";
    }
}
