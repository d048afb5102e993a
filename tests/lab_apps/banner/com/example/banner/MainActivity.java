package com.example.banner;

import android.app.Activity;
import android.app.Dialog;
import android.content.SharedPreferences;
import android.graphics.Color;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import io.adnova.sdk.Beacon;
import lab.truth.Truth;

/** Shows a banner whose refusal is small and pale, writes the choice down for its vendors, and lets one of them ignore it. */
public class MainActivity extends Activity {
    private SharedPreferences preferences;

    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        TextView home = new TextView(this);
        home.setText("Today");
        setContentView(home);
        preferences = getSharedPreferences("com.example.banner_preferences", MODE_PRIVATE);
        if (preferences.getString("IABTCF_PurposeConsents", "").isEmpty()) {
            ask();
        }
    }

    private void ask() {
        Dialog dialog = new Dialog(this);
        LinearLayout content = new LinearLayout(this);
        content.setOrientation(LinearLayout.VERTICAL);
        TextView text = new TextView(this);
        text.setText("We and our 214 partners store and access information on your device, such as cookies. See our Privacy Policy.");
        content.addView(text);
        content.addView(answer(dialog, "Accept all", "1111111111", "accepted", 900, 150, Color.BLACK));
        content.addView(answer(dialog, "Manage options", null, null, 900, 90, Color.BLACK));
        content.addView(answer(dialog, "Reject all", "0000000000", "refused", 300, 70, Color.rgb(210, 212, 214)));
        dialog.setContentView(content);
        dialog.setCancelable(false);
        dialog.show();
    }

    private Button answer(Dialog dialog, String label, String purposes, String phase, int wide, int high, int ink) {
        Button button = new Button(this);
        button.setText(label);
        button.setTextColor(ink);
        button.setLayoutParams(new LinearLayout.LayoutParams(wide, high));
        button.setOnClickListener(clicked -> {
            if (purposes != null) {
                Truth.phase(phase);
                write(purposes);
                dialog.dismiss();
                go("accepted".equals(phase));
            }
        });
        return button;
    }

    private void write(String purposes) {
        preferences.edit().putInt("IABTCF_gdprApplies", 1).putInt("IABTCF_PolicyVersion", 4)
            .putString("IABTCF_PurposeConsents", purposes)
            .putString("IABTCF_PurposeLegitimateInterests", "0110000000").apply();
    }

    private void go(boolean accepted) {
        new Thread(() -> Beacon.send(this), "beacon").start();
        if (accepted) {
            requestPermissions(new String[] {
                "android.permission.READ_CONTACTS", "android.permission.ACCESS_FINE_LOCATION"}, 1);
        }
    }
}
