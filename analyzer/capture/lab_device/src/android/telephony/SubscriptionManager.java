package android.telephony;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

public class SubscriptionManager {
    public SubscriptionManager(Context context) {}

    public static SubscriptionManager from(Context context) {
        return (SubscriptionManager) context.getSystemService(Context.TELEPHONY_SUBSCRIPTION_SERVICE);
    }

    public List<SubscriptionInfo> getActiveSubscriptionInfoList() {
        Permissions.enforce("getActiveSubscriptionInfoList", "android.permission.READ_PHONE_STATE");
        List<SubscriptionInfo> result = new ArrayList<>();
        for (int i = 0; i < Persona.texts("id.iccid").size(); i++) {
            result.add(new SubscriptionInfo(i));
        }
        return result;
    }

    public int getActiveSubscriptionInfoCount() {
        return getActiveSubscriptionInfoList().size();
    }

    public String getPhoneNumber(int subscriptionId) {
        return Simulated.text("getPhoneNumber", "person.phone", "android.permission.READ_PHONE_NUMBERS");
    }
}
