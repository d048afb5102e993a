package android.telephony;

import lab.runtime.Persona;

public class SubscriptionInfo {
    private final int slot;

    SubscriptionInfo(int slot) {
        this.slot = slot;
    }

    public int getSubscriptionId() {
        return slot + 1;
    }

    public int getSimSlotIndex() {
        return slot;
    }

    public String getIccId() {
        return Persona.text("id.iccid", slot);
    }

    public String getNumber() {
        return Persona.text("person.phone", slot);
    }

    public CharSequence getCarrierName() {
        return Persona.text("lab.network_operator_name", "CHINA MOBILE");
    }

    public int getMcc() {
        return 460;
    }

    public int getMnc() {
        return 0;
    }
}
