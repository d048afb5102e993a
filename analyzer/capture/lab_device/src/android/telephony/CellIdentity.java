package android.telephony;

public abstract class CellIdentity {
    CellIdentity() {}
}
