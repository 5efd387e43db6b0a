# What the audit log and the history call each event.
event-user-name-conflict = Un service a demandé un nom ou une adresse électronique qui appartient à quelqu’un d’autre
event-user-created = Compte créé
event-user-changed = Données du compte modifiées
event-user-contact-pending = Changement d’adresse ou de téléphone demandé
event-user-contact-confirmed = Changement d’adresse ou de téléphone effectif
event-user-moved = Changement { -place-fr(form: "of") }
event-user-deleted = Compte supprimé
event-user-restored = Compte rétabli
event-user-erased = Données personnelles effacées
event-user-data-exported = Données personnelles téléchargées
event-user-blocked = Compte bloqué
event-user-unblocked = Compte débloqué
event-user-activated = Compte activé
event-user-credentials-reset = Récupération lancée
event-user-password-changed = Mot de passe changé
event-user-phone-changed = Numéro de téléphone changé
event-membership-assigned = Appartenance attribuée
event-membership-removed = Appartenance retirée
event-role-proposed = Rôle proposé
event-role-granted = Rôle accordé
event-role-confirmed = Rôle confirmé
event-role-rejected = Rôle refusé
event-role-revoked = Rôle retiré
event-organisation-created = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] créée
   *[masculine] créé
 }
event-organisation-changed = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] modifiée
   *[masculine] modifié
 }
event-organisation-moved = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] déplacée
   *[masculine] déplacé
 }
event-organisation-deactivated = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] désactivée
   *[masculine] désactivé
 }
event-organisation-reactivated = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] réactivée
   *[masculine] réactivé
 }
event-organisation-sign-in-changed = Connexion des personnes { -place-fr(form: "of_a") } modifiée
event-application-created = Application créée
event-application-changed = Application modifiée
event-environment-created = Environnement ajouté
event-environment-changed = Environnement modifié
event-group-created = Groupe ajouté
event-group-changed = Groupe modifié
event-group-deleted = Groupe supprimé
event-client-created = Client créé
event-client-changed = Client modifié
event-client-disabled = Client désactivé
event-client-secret-rotated = Secret du client renouvelé
event-session-started = Connexion
event-session-failed = Échec de connexion
event-session-ended = Session fermée
event-session-throttled = Trop de tentatives
event-token-issued = Connexion à une application
event-stream-created = Une application a configuré un flux d’événements
event-stream-changed = Un flux d’événements a changé
event-stream-deleted = Un flux d’événements a été supprimé
event-push-changed = La destination de la transmission des personnes a été modifiée
event-push-hurried = La transmission des personnes a été relancée
event-push-removed = Les personnes ne sont plus transmises à une application
event-token-exchanged = Un client a échangé un jeton pour agir pour une personne
event-device-approved = Un appareil a été connecté par son code
event-device-denied = Un appareil a été refusé
event-token-delegated-issued = Un jeton pour scripts a été créé
event-token-delegated-revoked = Un jeton pour scripts a été révoqué
event-consent-given = Une autorisation a été donnée à une application
event-consent-withdrawn = Une autorisation a été retirée à une application
event-terms-accepted = Une personne a accepté des conditions d’utilisation
event-terms-refused = Une personne n’a pas accepté les conditions d’utilisation
event-token-revoked = Accès d’une application terminé
event-token-replayed = Un code ou jeton déjà utilisé a été présenté à nouveau
event-token-refused = Des jetons ont été refusés à une application
event-token-bearer-refused = Un jeton d’accès n’a pas été accepté
event-access-refused = Accès à une application refusé
event-authority-denied = Une action a été refusée
event-directory-exported = Liste exportée
event-key-created = Clé de signature créée
event-key-activated = Clé de signature activée
event-key-retired = Clé de signature retirée
event-user-invitation-sent = Lien d’activation renvoyé
event-user-unlocked = Connexion déverrouillée
event-user-name-told = Nom d’utilisateur communiqué
event-user-signed-out = Déconnecté partout
event-application-deleted = Application supprimée
event-environment-deleted = Environnement supprimé
event-client-enabled = Client activé
event-client-secrets-ended = Secrets remplacés du client arrêtés
event-user-factor-added = Moyen de connexion ajouté
event-user-factor-renamed = Nom d’un moyen de connexion modifié
event-user-factor-removed = Moyen de connexion supprimé
event-user-factors-taken = Moyens de connexion retirés
event-user-recovery-codes-made = Nouveaux codes de secours créés
event-user-recovery-code-used = Code de secours utilisé
event-user-passkey-suspected = Clé d’accès refusée : son compteur a reculé
event-user-browser-named = Nom d’un navigateur modifié
event-user-device-remembered = Aucun code n’est demandé dans un navigateur
event-user-device-forgotten = Un code est de nouveau demandé dans un navigateur
