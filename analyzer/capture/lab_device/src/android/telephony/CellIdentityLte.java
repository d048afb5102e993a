package android.telephony;

import java.util.Map;

public final class CellIdentityLte extends CellIdentity {
    private final int mcc;
    private final int mnc;
    private final int tac;
    private final int ci;

    CellIdentityLte(Map<String, Object> cell) {
        mcc = number(cell, "mcc", "mcc");
        mnc = number(cell, "mnc", "mnc");
        tac = number(cell, "tac", "lac");
        ci = number(cell, "ci", "cid");
    }

    private static int number(Map<String, Object> cell, String name, String otherName) {
        Object value = cell.containsKey(name) ? cell.get(name) : cell.get(otherName);
        return value == null ? Integer.MAX_VALUE : (int) Double.parseDouble(value.toString());
    }

    public int getMcc() {
        return mcc;
    }

    public int getMnc() {
        return mnc;
    }

    public int getTac() {
        return tac;
    }

    public int getCi() {
        return ci;
    }

    @Override
    public String toString() {
        return "CellIdentityLte:{ mCi=" + ci + " mTac=" + tac + " mMcc=" + mcc + " mMnc=" + mnc + "}";
    }
}
