package android.telephony;

import android.content.Context;
import android.telephony.gsm.GsmCellLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.runtime.App;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

public class TelephonyManager {
    /** Told of the cells around. */
    public abstract static class CellInfoCallback {
        public abstract void onCellInfo(List<CellInfo> cellInfo);
    }

    public static final int PHONE_TYPE_NONE = 0;
    public static final int PHONE_TYPE_GSM = 1;
    public static final int SIM_STATE_ABSENT = 1;
    public static final int SIM_STATE_READY = 5;
    public static final int NETWORK_TYPE_LTE = 13;
    private static final int IDENTIFIERS_CLOSED = 29;
    private static final String PHONE_STATE = "android.permission.READ_PHONE_STATE";
    private static final String FINE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String COARSE = "android.permission.ACCESS_COARSE_LOCATION";

    public TelephonyManager(Context context) {}

    /** An identifier of the device: closed to apps since Android 10, a matter of permission before. */
    private static String identifier(String method, String type, int slot) {
        if (Persona.apiLevel() >= IDENTIFIERS_CLOSED && (App.targetSdk() >= IDENTIFIERS_CLOSED || !Permissions.holds(PHONE_STATE))) {
            throw new SecurityException(method + ": The user 10086 does not meet the requirements to access device identifiers.");
        }
        Permissions.enforce(method, PHONE_STATE);
        return Persona.apiLevel() >= IDENTIFIERS_CLOSED ? null : Persona.text(type, slot);
    }

    public String getDeviceId() {
        return identifier("getDeviceId", "id.imei", 0);
    }

    public String getDeviceId(int slotIndex) {
        return identifier("getDeviceId", "id.imei", slotIndex);
    }

    public String getImei() {
        return identifier("getImei", "id.imei", 0);
    }

    public String getImei(int slotIndex) {
        return identifier("getImei", "id.imei", slotIndex);
    }

    public String getMeid() {
        return identifier("getMeid", "id.meid", 0);
    }

    public String getMeid(int slotIndex) {
        return identifier("getMeid", "id.meid", slotIndex);
    }

    public String getSubscriberId() {
        return identifier("getSubscriberId", "id.imsi", 0);
    }

    public String getSimSerialNumber() {
        return identifier("getSimSerialNumber", "id.iccid", 0);
    }

    public String getLine1Number() {
        Permissions.enforce("getLine1Number", PHONE_STATE, "android.permission.READ_SMS", "android.permission.READ_PHONE_NUMBERS");
        return Persona.text("person.phone");
    }

    public String getNetworkOperator() {
        return Persona.text("lab.network_operator", "46000");
    }

    public String getNetworkOperatorName() {
        return Persona.text("lab.network_operator_name", "CHINA MOBILE");
    }

    public String getNetworkCountryIso() {
        return "cn";
    }

    public String getSimOperator() {
        return Persona.text("lab.network_operator", "46000");
    }

    public String getSimOperatorName() {
        return Persona.text("lab.network_operator_name", "CHINA MOBILE");
    }

    public String getSimCountryIso() {
        return "cn";
    }

    public int getSimState() {
        return Persona.text("id.imsi") == null ? SIM_STATE_ABSENT : SIM_STATE_READY;
    }

    public int getPhoneType() {
        return PHONE_TYPE_GSM;
    }

    public int getPhoneCount() {
        return Math.max(1, Persona.texts("id.imei").size());
    }

    public int getNetworkType() {
        return NETWORK_TYPE_LTE;
    }

    public List<CellInfo> getAllCellInfo() {
        Permissions.enforce("getAllCellInfo", FINE, COARSE);
        List<CellInfo> result = new ArrayList<>();
        for (Map<String, Object> cell : Persona.records("loc.cell", "cid")) {
            result.add(new CellInfoLte(new CellIdentityLte(cell)));
        }
        return result;
    }

    public CellLocation getCellLocation() {
        Permissions.enforce("getCellLocation", FINE, COARSE);
        List<Map<String, Object>> cells = Persona.records("loc.cell", "cid");
        if (cells.isEmpty()) {
            return null;
        }
        CellIdentityLte cell = new CellIdentityLte(cells.get(0));
        GsmCellLocation location = new GsmCellLocation();
        location.setLacAndCid(cell.getTac(), cell.getCi());
        return location;
    }

    public String getTypeAllocationCode() {
        return Simulated.text("getTypeAllocationCode", "dev.hardware_profile", "");
    }

    public String getVoiceMailNumber() {
        return Simulated.text("getVoiceMailNumber", "person.phone", "android.permission.READ_PHONE_STATE");
    }

    public String getGroupIdLevel1() {
        return Simulated.text("getGroupIdLevel1", "id.imsi", "android.permission.READ_PHONE_STATE");
    }

    public int getDataNetworkType() {
        return (int) Simulated.number("getDataNetworkType", "dev.network_carrier", "android.permission.READ_PHONE_STATE");
    }

    public List<?> getNeighboringCellInfo() {
        return Simulated.texts("getNeighboringCellInfo", "loc.cell", "android.permission.ACCESS_COARSE_LOCATION");
    }

    public void requestCellInfoUpdate(java.util.concurrent.Executor executor, CellInfoCallback callback) {
        Simulated.ask("requestCellInfoUpdate", "android.permission.ACCESS_FINE_LOCATION");
    }

    public void listen(PhoneStateListener listener, int events) {
        Simulated.ask("listen", "android.permission.READ_PHONE_STATE");
    }
}
