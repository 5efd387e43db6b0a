# Enregistrer une autorité avec son premier utilisateur.
register-title = Enregistrer { -place-fr(form: "a") }
register-text = { -place-fr(form: "A") } ne s’enregistre qu’une seule fois. Cherchez d’abord ; ce qui existe déjà ne s’enregistre pas de nouveau.
register-look-first = Saisissez le nom { -place-fr(form: "of_the") }.
register-none = { -place-fr.gender ->
    [feminine] Aucune
   *[masculine] Aucun
 } { -place-fr } que vous voyez ne porte un nom similaire. Procédez vous-même à l’enregistrement ou envoyez une invitation.
register-yourself = L’enregistrer vous-même
register-invite = L’inviter à s’enregistrer
register-step = Étape 1 sur 2 : { -place-fr(form: "the") } et son premier utilisateur. À l’étape 2, vous lui donnez accès à ses modules.
register-save = Enregistrer
done-authority-registered = { -place-fr(form: "The") } et son premier utilisateur sont enregistrés. Donnez-lui ensuite accès à ses modules.
