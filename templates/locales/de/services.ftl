# Dienste von Ebenen, für alle, die Personalsysteme anschließen (docs/provisioning).

permission-service-manage = Dienste von { -place-de(form: "many") } anlegen und ihre Geheimnisse verwahren
services-title = Dienste
services-text = Personalsysteme und Identitätsanbieter, die Menschen Ihrer { -place-de(form: "many") } selbsttätig ändern.
services-caption = { $count ->
    [one] { $count } Dienst
   *[other] { $count } Dienste
}
services-none = Es gibt noch keine Dienste.
services-back = Zurück zu den Diensten
service-new = Dienst anlegen
service-new-text = Er darf nichts, bis Sie ihm eine Rolle geben. Sein Geheimnis wird einmal gezeigt, auf der nächsten Seite. Was Sie davon haben, endet, wenn Sie ihn nicht mehr verwalten dürfen.
service-level = { -place-de }
service-level-hint = Wohin er gehört. Das lässt sich später nicht ändern.
service-name-hint = Was er ist, zum Beispiel „Personalsystem“.
service-error-many = Diese { -place-de } hat so viele Dienste, wie sie haben kann
service-may = Was er darf
service-may-nothing = Noch nichts: Geben Sie ihm eine Rolle.
service-roles = Rollen des Dienstes
service-roles-text = Über { $level }. Sie geben nicht mehr, als Sie selbst haben.
service-not-yours = Sie sehen diesen Dienst, aber er darf mehr als Sie, oder etwas, worüber nur Betreiber entscheiden: Sie verwalten ihn.
service-kept-by = genommen von { $name }, endet mit deren Recht, diesen Dienst zu verwalten
service-keeper-unseen = jemand anderem
service-stopped = Ein Betreiber hat diesen Dienst abgeschaltet; nur Betreiber können ihn wieder einschalten.
service-disable-text = „{ $name }“ kann nichts mehr ändern. Seine Tokens gelten sofort nicht mehr.
service-enable-text = „{ $name }“ kann mit seinem Geheimnis und seinen festen Tokens wieder arbeiten. Angehaltene Zugriffstokens bleiben ungültig.
