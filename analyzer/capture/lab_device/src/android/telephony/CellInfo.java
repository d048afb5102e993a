package android.telephony;

public abstract class CellInfo {
    CellInfo() {}

    public boolean isRegistered() {
        return true;
    }
}
